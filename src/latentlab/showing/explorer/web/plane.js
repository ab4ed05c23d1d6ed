/** A model's plane of latents: places on it, the image at each, and the test images around. */
class Plane {
  constructor(model, sheet, labels) {
    Object.assign(this, model);
    this.sheet = sheet;
    this.labels = labels;
    this.reach = this.typicalDistance();
  }

  /** Where a place lies between the grid's points along each axis, 0 to side - 1. */
  toGrid(place) {
    return place.map((value, axis) => {
      const [low, high] = this.ranges[axis];
      return ((value - low) / (high - low)) * (this.side - 1);
    });
  }

  fromGrid(position) {
    return position.map((value, axis) => {
      const [low, high] = this.ranges[axis];
      return low + (value / (this.side - 1)) * (high - low);
    });
  }

  /** The place nearest to this one inside of the grid. */
  clamp(place) {
    return place.map((value, axis) => Math.min(Math.max(value, this.ranges[axis][0]), this.ranges[axis][1]));
  }

  middle() {
    const place = this.ranges.map(([low, high]) => (low + high) / 2);
    return this.step(place, 0, 0);
  }

  /** The grid's point that lies some points to the right of the one nearest to a place, and some above. */
  step(place, right, up) {
    const [column, row] = this.toGrid(place).map(Math.round);
    return this.clamp(this.fromGrid([column + right, row + up]));
  }

  /** The decoded image: blended from the four of the grid around, exact where one of them lies. */
  image(place) {
    const [x, y] = this.toGrid(this.clamp(place)).map((value) => Math.round(value * 1e4) / 1e4);
    const column = Math.min(Math.floor(x), this.side - 2);
    const row = Math.min(Math.floor(y), this.side - 2);
    const [right, up] = [x - column, y - row];
    const first = row * this.side + column;
    return this.sheet.blend([
      [first, (1 - right) * (1 - up)],
      [first + 1, right * (1 - up)],
      [first + this.side, (1 - right) * up],
      [first + this.side + 1, right * up],
    ]);
  }

  /** Indices of the test images nearest to a place among those of some classes, nearest first. */
  nearest(place, classes, count) {
    const found = [];
    this.points.forEach((point, index) => {
      if (classes.has(this.labels[index])) found.push([distance(place, point), index]);
    });
    found.sort(([a], [b]) => a - b);
    return found.slice(0, count).map(([, index]) => index);
  }

  /** The distance to the nearest neighbour that all but one in a hundred test images have or are below. */
  typicalDistance() {
    const nearest = this.points.map((point, index) => {
      let least = Infinity;
      this.points.forEach((other, place) => {
        if (place !== index) least = Math.min(least, distance(point, other));
      });
      return least;
    });
    nearest.sort((a, b) => a - b);
    return nearest[Math.floor(0.99 * (nearest.length - 1))];
  }
}

function distance([x, y], [u, v]) {
  return Math.hypot(x - u, y - v);
}

function between(start, end, share) {
  return start.map((value, axis) => value + share * (end[axis] - value));
}
