"""From the JSON object that a sender wrote to the details of a lead."""
