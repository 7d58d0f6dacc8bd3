"""What a lead costs where there is more of something: projects, processes, leads, time."""
