"""What a person looks at: figures, the report and the explorer; is handed what it shows."""
