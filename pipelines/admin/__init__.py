"""The pages of opportunities and maps in the admin; each module registers its own."""
