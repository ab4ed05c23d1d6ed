/** RGBA pixels of images that come as a PNG of all their pixels in order. */
class Sheet {
  static async read(source, [height, width]) {
    const picture = new Image();
    picture.src = source;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = picture.naturalWidth;
    canvas.height = picture.naturalHeight;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(picture, 0, 0);
    return new Sheet(context.getImageData(0, 0, canvas.width, canvas.height).data, height, width);
  }

  constructor(values, height, width) {
    this.height = height;
    this.width = width;
    this.length = 4 * height * width;
    this.values = values;
  }

  get count() {
    return this.values.length / this.length;
  }

  image(index) {
    const values = this.values.subarray(index * this.length, (index + 1) * this.length);
    return new ImageData(new Uint8ClampedArray(values), this.width, this.height);
  }

  /** The weighted mean of images, [[index, weight], ...] with weights that sum to 1. */
  blend(parts) {
    const sums = new Float32Array(this.length);
    for (const [index, weight] of parts) {
      if (weight === 0) continue;
      const start = index * this.length;
      for (let i = 0; i < this.length; i++) sums[i] += weight * this.values[start + i];
    }
    return new ImageData(Uint8ClampedArray.from(sums), this.width, this.height);
  }
}

/** Show an image in a canvas that has one pixel for each of the image's; the style sheet enlarges it. */
function paint(canvas, image) {
  if (canvas.width !== image.width || canvas.height !== image.height) {
    canvas.width = image.width;
    canvas.height = image.height;
  }
  canvas.getContext("2d", { willReadFrequently: true }).putImageData(image, 0, 0);
}
