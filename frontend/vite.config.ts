import { resolve } from "node:path";
import { defineConfig } from "vite";

// One entry for every page of the desk: it brings the style sheet and the islands.
export default defineConfig({
  root: resolve(import.meta.dirname, "src"),
  base: "./",
  publicDir: resolve(import.meta.dirname, "public"),
  build: {
    outDir: resolve(import.meta.dirname, "../src/cets/static/built"),
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    // The content policy of the desk has no "data:": every file stays a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: { main: resolve(import.meta.dirname, "src/main.ts") } },
  },
  css: {
    // An old media hack in govuk-frontend is no valid CSS for the minifier.
    lightningcss: { errorRecovery: true },
    preprocessorOptions: {
      scss: {
        // MoJ imports by the literal path "node_modules/govuk-frontend/...".
        loadPaths: [import.meta.dirname, resolve(import.meta.dirname, "node_modules")],
        quietDeps: true,
      },
    },
  },
});
