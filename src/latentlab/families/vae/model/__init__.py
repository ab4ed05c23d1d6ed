"""The variational autoencoder (Kingma and Welling 2014) of the lecture."""
