"""The network of ImageNet whose features photographs are compared in."""
