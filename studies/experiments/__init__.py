"""Many DVC experiments on one machine or a cluster: names, exchange, what a machine does, who hands out."""
