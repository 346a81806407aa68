/* Builds the project of this folder with webpack into the folder that is named: node webpack.cjs FOLDER */
const path = require("node:path");

const webpack = require("webpack");

const swc = { loader: "swc-loader", options: { jsc: { parser: { syntax: "typescript", tsx: true }, target: "es2020" } } };
const compiler = webpack({
  mode: "production",
  context: __dirname,
  entry: "./src/index.tsx",
  output: { path: path.resolve(process.argv[2]), filename: "script.js", library: { type: "amd", export: "default" } },
  externals: { jquery: "jquery", underscore: "underscore" },
  resolve: { extensions: [".tsx", ".ts", ".js"] },
  module: {
    parser: { javascript: { dynamicImportMode: "eager" } },
    rules: [
      { test: /\.tsx?$/, use: swc },
      { test: /\.css$/, use: ["style-loader", "css-loader"] },
    ],
  },
});
compiler.run((error, stats) => {
  if (error || stats.hasErrors()) {
    console.error(error || stats.toString());
    process.exitCode = 1;
  }
});
