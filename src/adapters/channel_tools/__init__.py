"""What every channel needs: reading JSON that a stranger sent, comparing shared secrets."""
