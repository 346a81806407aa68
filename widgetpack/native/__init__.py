"""Modern sources (TypeScript, React, npm packages) become AMD scripts, by the real esbuild."""
