"""The forms as workbooks: empty ones to send out, filled ones to send up."""
