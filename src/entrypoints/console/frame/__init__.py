"""What holds for every page of the console: who may open it, its forms, its answers, its look."""
