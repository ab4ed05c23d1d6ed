"""What any model with latents has: ways to draw them, points and planes of them, and pictures."""
