"""What a workflow can do with contacts, notes and tasks: one file each."""
