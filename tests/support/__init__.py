"""What tests share: builders, clocks that stand still, servers in processes of their own."""
