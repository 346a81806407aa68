// Reads [[level, message, properties], ...] from standard input and lets GitHub's own toolkit say each.
import { readFileSync } from "node:fs";
import * as core from "@actions/core";

for (const [level, message, properties] of JSON.parse(readFileSync(0, "utf8"))) {
  core[level](message, properties);
}
