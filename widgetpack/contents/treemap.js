
"use strict";
(() => {
  const HEAD = 19, GAP = 2, LEAST = 3, WORDS_WIDE = 30, WORDS_HIGH = 15, TWO_LINES = 34;
  const map = document.getElementById("map"), trail = document.getElementById("trail"), told = document.getElementById("told");

  // A folder has a Map of children, a file has none. A path in a file's name makes the folders.
  const made = (name, path, parent, hasChildren) =>
    ({ name, path, parent, size: 0, children: hasChildren ? new Map() : null, rest: false, hue: 0 });

  const child = (parent, name, path, hasChildren) => {
    // A file and a folder may have one name: `a` and `a/b` of two packages' copies.
    const key = (hasChildren ? "/" : "") + name;
    if (!parent.children.has(key)) parent.children.set(key, made(name, path, parent, hasChildren));
    return parent.children.get(key);
  };

  const grow = (node, size) => {
    for (let at = node; at; at = at.parent) at.size += size;
  };

  const addFile = (parent, name, size) => {
    const parts = name.split("/");
    let folder = parent;
    for (const part of parts.slice(0, -1)) folder = child(folder, part, folder.path + "/" + part, true);
    const last = parts[parts.length - 1];
    grow(child(folder, last, folder.path + "/" + last, false), size);
  };

  const load = (widgets) => {
    const root = made("all", "", null, true);
    for (const widget of widgets) {
      const home = child(root, widget.name, widget.name, true);
      for (const script of widget.scripts) {
        const path = widgets.length > 1 ? widget.name + ": " + script.name : script.name;
        const inside = child(home, script.name, path, true);
        for (const item of script.packages) {
          // Two copies of one package have one name, and a box each.
          const box = child(inside, item.folder, item.folder, true);
          box.name = item.name;
          for (const [name, size] of item.files) addFile(box, name, size);
        }
        const own = made("", "", inside, true);
        for (const [name, size] of script.files) addFile(own, name, size);
        for (const [key, node] of own.children) {
          node.parent = inside;
          inside.children.set("own:" + key, node);
        }
        for (const node of own.children.values()) unroot(node);
        if (script.rest) {
          const box = child(inside, script.rest[0], script.rest[0], false);
          box.rest = true;
          grow(box, script.rest[1]);
        }
        sorted(inside).forEach((node, index) => { node.hue = Math.round(210 + index * 137.5) % 360; });
      }
    }
    return root;
  };

  // Files of the project have paths that start nowhere.
  const unroot = (top) => {
    const waiting = [top];
    while (waiting.length) {
      const node = waiting.pop();
      node.path = node.path.slice(1);
      if (node.children) waiting.push(...node.children.values());
    }
  };

  const sorted = (node) => [...node.children.values()].sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1));

  // A folder with one folder in it is drawn as one: `src/components`.
  const merged = (node) => {
    let name = node.name, at = node;
    while (at.children && at.children.size === 1) {
      const [only] = at.children.values();
      if (!only.children) break;
      name += "/" + only.name;
      at = only;
    }
    return [name, at];
  };

  const hueOf = (node) => {
    for (let at = node; at; at = at.parent) if (at.hue) return at.hue;
    return 210;
  };

  const human = (size) =>
    size < 1000 ? size + " B" : size < 1e6 ? (size / 1000).toFixed(1) + " kB" : (size / 1e6).toFixed(1) + " MB";
  const share = (node, whole) => (whole.size ? (100 * node.size / whole.size).toFixed(1) : "0.0") + " %";

  // Squarified treemap: a row is filled along the shorter side as long as its worst proportion gets no worse.
  const squarify = (nodes, x, y, w, h) => {
    const scale = w * h / nodes.reduce((sum, node) => sum + node.size, 0), found = [];
    for (let start = 0; start < nodes.length;) {
      const side = Math.min(w, h), largest = nodes[start].size * scale;
      let end = start, area = 0, worst = Infinity;
      for (; end < nodes.length; end++) {
        const own = nodes[end].size * scale, sum = area + own;
        const ratio = Math.max(side * side * largest / (sum * sum), sum * sum / (side * side * own));
        if (ratio > worst) break;
        worst = ratio;
        area = sum;
      }
      const thick = area / side;
      let along = 0;
      for (const node of nodes.slice(start, end)) {
        const length = node.size * scale / thick;
        found.push(w >= h ? [node, x, y + along, thick, length] : [node, x + along, y, length, thick]);
        along += length;
      }
      if (w >= h) { x += thick; w -= thick; } else { y += thick; h -= thick; }
      start = end;
    }
    return found;
  };

  let root, shown, boxes = new Map();

  const box = (node, name, whole, [x, y, w, h], above) => {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.className = (node.children ? "folder" : "file") + (node.rest ? " rest" : "");
    button.setAttribute("aria-label", `${node.path || name}, ${human(node.size)}, ${share(node, whole)}${node.children ? ", folder" : ""}`);
    Object.assign(button.style, { left: x + "px", top: y + "px", width: w + "px", height: h + "px" });
    button.style.setProperty("--hue", hueOf(node));
    if (w >= WORDS_WIDE && h >= WORDS_HIGH) {
      const label = document.createElement("span");
      label.textContent = name;
      button.append(label);
      if (h >= TWO_LINES && !(node.children && drawsChildren(w, h))) {
        const size = document.createElement("span");
        size.textContent = human(node.size);
        button.append(size);
      }
    } else {
      button.classList.add("bare");
    }
    map.append(button);
    boxes.set(button, { node, whole, above });
    return button;
  };

  const drawsChildren = (w, h) => w >= 44 && h >= HEAD + 18;

  const draw = (nodes, whole, x, y, w, h, above) => {
    for (const [node, left, top, wide, high] of squarify(nodes, x, y, w, h)) {
      const [name, inner] = merged(node);
      const area = [left, top, Math.max(0, wide - 1), Math.max(0, high - 1)];
      if (area[2] < LEAST || area[3] < LEAST) continue;
      const button = box(inner, name, whole, area, above);
      if (inner.children && drawsChildren(wide, high)) {
        draw(sorted(inner), whole, left + GAP, top + HEAD, wide - 2 * GAP - 1, high - HEAD - GAP - 1, button);
      }
    }
  };

  const crumbs = () => {
    const chain = [];
    for (let at = shown; at; at = at.parent) {
      chain.unshift(at);
      if (at === root) break;
    }
    trail.replaceChildren(...chain.map((node) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `${node.name} ${human(node.size)}`;
      if (node === shown) button.setAttribute("aria-current", "true");
      button.addEventListener("click", () => zoom(node));
      return button;
    }));
  };

  const paint = () => {
    boxes = new Map();
    map.replaceChildren();
    const nodes = sorted(shown).filter((node) => node.size > 0);
    if (nodes.length) draw(nodes, root, 0, 0, map.clientWidth, map.clientHeight, null);
    const first = map.querySelector("button");
    if (first) first.tabIndex = 0;
  };

  const tell = (button) => {
    const found = boxes.get(button);
    if (!found) return;
    const path = document.createElement("strong");
    path.textContent = found.node.path || found.node.name;
    const inside = found.node.children ? `, ${found.node.children.size} inside` : "";
    told.replaceChildren(path, document.createElement("br"),
      `${human(found.node.size)} (${found.node.size.toLocaleString("en")} bytes), ${share(found.node, root)} of ${root.name}${inside}`);
  };

  const zoom = (node, takesFocus) => {
    shown = node;
    crumbs();
    paint();
    if (takesFocus) focus(map.querySelector("button"));
  };

  const out = () => {
    if (shown === root) return;
    const left = shown;
    let parent = shown.parent;
    // What is drawn as one with its only folder is left as one.
    while (parent !== root && parent.children.size === 1) parent = parent.parent;
    zoom(parent, false);
    const back = [...boxes].find(([, found]) => found.node === left);
    focus(back ? back[0] : map.querySelector("button"));
  };

  const focus = (button) => {
    if (!button) return;
    for (const other of map.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
    button.tabIndex = 0;
    button.focus();
  };

  const moves = {
    ArrowRight: (list, at) => list[at + 1],
    ArrowLeft: (list, at) => list[at - 1],
    ArrowDown: (list, at, here) => list.find((button) => boxes.get(button).above === here),
    ArrowUp: (list, at, here) => boxes.get(here).above,
    Home: (list) => list[0],
    End: (list) => list[list.length - 1],
  };

  map.addEventListener("keydown", (event) => {
    const here = document.activeElement, list = [...boxes.keys()];
    if (event.key === "Escape" || event.key === "Backspace") out();
    else if (event.key in moves && boxes.has(here)) focus(moves[event.key](list, list.indexOf(here), here));
    else return;
    event.preventDefault();
  });
  map.addEventListener("click", (event) => {
    const button = event.target.closest("button"), found = boxes.get(button);
    if (found && found.node.children) zoom(found.node, event.detail === 0);
    else if (button) focus(button);
  });
  map.addEventListener("mouseover", (event) => tell(event.target.closest("button")));
  map.addEventListener("focusin", (event) => tell(event.target));

  root = load(JSON.parse(document.getElementById("data").textContent));
  // What holds one thing only is no level: one widget, or one script of it.
  for (let level = 0; level < 2 && root.children.size === 1; level++) [root] = root.children.values();
  if (root.size > 0) {
    root.parent = null;
    document.getElementById("picture").hidden = false;
    zoom(root, false);
    let drawn = [map.clientWidth, map.clientHeight];
    new ResizeObserver(() => {
      const now = [map.clientWidth, map.clientHeight];
      if (String(now) === String(drawn)) return;
      drawn = now;
      const held = boxes.get(document.activeElement);
      paint();
      if (held) focus([...boxes.keys()].find((button) => boxes.get(button).node === held.node));
    }).observe(map);
  }
})();
