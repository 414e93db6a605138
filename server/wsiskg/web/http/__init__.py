"""What HTTP asks of any server: negotiation, content codings, cross-origin reads, problem documents."""
