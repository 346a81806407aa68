// Gives the texts whose contrast is below 4.5 (3 for large ones; WCAG 2.1, 1.4.3), each with its ratio.
() => {
  const numbers = (color) => color.match(/[\d.]+/g).map(Number);
  const parse = (color) => {
    const [r, g, b, a = 1] = numbers(color);
    return color.startsWith('color(srgb') ? [r * 255, g * 255, b * 255, a] : [r, g, b, a];
  };
  const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1];
  const light = ([r, g, b]) => {
    const part = (value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const line = (element) => (element ? [element, ...line(element.parentElement)] : []);
  const ground = (element) =>
    line(element)
      .map((one) => parse(getComputedStyle(one).backgroundColor))
      .reverse()
      .reduce((below, color) => over(color, below), [255, 255, 255, 1]);
  const opacity = (element) => line(element).reduce((all, one) => all * Number(getComputedStyle(one).opacity), 1);
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) &&
    !element.closest('[inert], [aria-hidden=true], :disabled') &&
    getComputedStyle(element).clipPath === 'none';
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const element = walker.currentNode.parentElement;
    if (text && isSeen(element)) {
      const style = getComputedStyle(element);
      const below = ground(element);
      const [r, g, b, a] = parse(style.color);
      const [high, low] = [light(over([r, g, b, a * opacity(element)], below)), light(below)].sort((x, y) => y - x);
      const ratio = (high + 0.05) / (low + 0.05);
      const size = parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio < (isLarge ? 3 : 4.5)) {
        faint.push(`${ratio.toFixed(2)} ${text}`);
      }
    }
  }
  return faint;
}
