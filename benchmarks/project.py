"""The project that stands in for the vendor's template: React and TypeScript of like size, and a webpack build with the same loaders.

Run as a program (``project.py FOLDER``), for the reason that inputs.py gives.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from inputs import manifest, plain_logos, texts, write

COMPONENTS = 20
"""With these the minified script has some 200 KB, as the template's has; most of it is React and axios."""

_COMPONENT = """import {{ useEffect, useState }} from 'react';

import {{ request, type Answer }} from '@shared/http';
import type {{ Row }} from '@shared/rows';

import styles from './Panel{number}.local.css';

interface Props {{
  title: string;
  rows: readonly Row[];
  onSelect?: (row: Row) => void;
}}

/** Panel {number}: rows that can be filtered, and the answer of a server about the chosen one. */
export const Panel{number} = ({{ title, rows, onSelect }}: Props) => {{
  const [filter, setFilter] = useState<string>('');
  const [chosen, setChosen] = useState<Row | null>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);

  useEffect(() => {{
    if (chosen === null) {{
      return;
    }}
    let isWanted = true;
    void request(`/panels/{number}/${{chosen.id}}`).then((found: Answer) => {{
      if (isWanted) {{
        setAnswer(found);
      }}
    }});
    return () => {{
      isWanted = false;
    }};
  }}, [chosen]);

  const shown = rows.filter((row) => row.name.toLowerCase().includes(filter.toLowerCase()));

  return (
    <section className={{styles.panel}}>
      <h2 className={{styles.title}}>{{title}} {number}</h2>
      <input value={{filter}} onChange={{(event) => setFilter(event.target.value)}} />
      <ul>
        {{shown.map((row) => (
          <li key={{row.id}} onClick={{() => {{ setChosen(row); onSelect?.(row); }}}}>{{row.name}}</li>
        ))}}
      </ul>
      {{answer?.text && <p>{{answer.text}}</p>}}
    </section>
  );
}};
"""
_STYLE = """.panel {{
  display: flex;
  padding: {number}px;

  &:hover {{
    user-select: none;
  }}
}}

.title {{
  margin: 0;
}}
"""
_HTTP = """import axios from 'axios';

export interface Answer {
  text: string;
}

const client = axios.create({ baseURL: process.env.BASE_URL });

export const request = async (path: string): Promise<Answer> => (await client.get<Answer>(path)).data;
"""
_ROWS = """import $ from 'jquery';

export interface Row {
  id: number;
  name: string;
}

export const readRows = (): Row[] =>
  $('.list-row').toArray().map((element: Element, id: number) => ({ id, name: element.textContent ?? '' }));
"""
_INDEX = """import {{ createRoot, type Root }} from 'react-dom/client';

import {{ readRows }} from '@shared/rows';

{imports}

class Widget {{
  private root: Root | null = null;

  callbacks = {{
    settings: () => true,
    init: () => true,
    bind_actions: () => true,
    render: () => {{
      const place = document.querySelector('.card-widgets');
      if (place !== null) {{
        const rows = readRows();
        this.root = createRoot(place);
        this.root.render(<main>{panels}</main>);
      }}
      return true;
    }},
    destroy: () => {{
      this.root?.unmount();
    }},
    onSave: () => true,
  }};
}}

export default Widget;
"""
_WEBPACK = """const path = require('path');
const CopyPlugin = require('copy-webpack-plugin');
const ZipPlugin = require('zip-webpack-plugin');
const { EnvironmentPlugin } = require('webpack');

const typescript = { syntax: 'typescript', tsx: true };
const swc = { jsc: { parser: typescript, transform: { react: { runtime: 'automatic' } }, target: 'es2017' } };
const names = { auto: /local\\.css$/, namedExport: false };

module.exports = {
  mode: 'production',
  entry: './src/index.tsx',
  output: { filename: 'script.js', path: path.resolve(__dirname, 'dist'), library: { type: 'amd', export: 'default' } },
  externals: { jquery: 'jquery' },
  module: {
    rules: [
      { test: /\\.tsx?$/, exclude: /node_modules/, use: { loader: 'swc-loader', options: swc } },
      {
        test: /\\.css$/,
        use: [
          'style-loader',
          { loader: 'css-loader', options: { modules: names } },
          { loader: 'postcss-loader', options: { postcssOptions: { plugins: ['autoprefixer', 'postcss-nested'] } } },
        ],
      },
    ],
  },
  resolve: { extensions: ['.js', '.ts', '.tsx'], alias: { '@shared': path.resolve(__dirname, 'src/shared') } },
  plugins: [
    new EnvironmentPlugin({ BASE_URL: 'https://api.acme.dev' }),
    new CopyPlugin({ patterns: [{ from: 'public' }] }),
    new ZipPlugin({ filename: 'widget.zip' }),
  ],
};
"""
_TSCONFIG = {
    "compilerOptions": {"jsx": "react-jsx", "strict": True, "baseUrl": ".", "paths": {"@shared/*": ["./src/shared/*"]}}
}
_CONFIG = '[script]\nminify = true\n\n[script.define]\n"process.env.BASE_URL" = "https://api.acme.dev"\n'


def project() -> dict[str, bytes]:
    """Return the files of the project, without its packages, the same every time."""
    numbers = range(1, COMPONENTS + 1)
    imports = "\n".join(f"import {{ Panel{number} }} from './panels/Panel{number}';" for number in numbers)
    panels = "".join(f'<Panel{number} title="Panel" rows={{rows}} />' for number in numbers)
    sources = {
        "src/index.tsx": _INDEX.format(imports=imports, panels=panels),
        "src/shared/http.ts": _HTTP,
        "src/shared/rows.ts": _ROWS,
        **{f"src/panels/Panel{number}.tsx": _COMPONENT.format(number=number) for number in numbers},
        **{f"src/panels/Panel{number}.local.css": _STYLE.format(number=number) for number in numbers},
        "webpack.config.js": _WEBPACK,
        "tsconfig.json": json.dumps(_TSCONFIG, indent=2),
        "widgetpack.toml": _CONFIG,
        "package.json": '{"name": "stand-in", "private": true}',
    }
    static = {
        "manifest.json": manifest(),
        **{f"i18n/{code}.json": json.dumps(texts()).encode() for code in ("en", "pt", "es")},
        **plain_logos(),
    }
    return {path: text.encode() for path, text in sources.items()} | {
        f"public/{path}": data for path, data in static.items()
    }


if __name__ == "__main__":
    write(Path(sys.argv[1]), project())
