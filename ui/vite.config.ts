import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import type { Plugin } from 'vite'

// The server writes each page's title and meta tags in place of the marker;
// the development server has none, so it gets a title here.
const devHead: Plugin = {
  name: 'rostrum-dev-head',
  apply: 'serve',
  transformIndexHtml: (html) => html.replace('<!--head-->', '<title>Rostrum</title>'),
}

// dist/ holds a committed .gitkeep, so that the Go package embeds something
// before the first build of the pages.
const keepDist: Plugin = {
  name: 'rostrum-keep-dist',
  apply: 'build',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: '.gitkeep', source: '' })
  },
}

const backend = process.env['ROSTRUM_URL'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [svelte(), devHead, keepDist],
  build: {
    target: 'es2022',
    manifest: true,
    // Nothing inline: the server's Content-Security-Policy allows no data: script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(['/api', '/live', '/vod', '/media'].map((p) => [p, backend])),
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
})
