import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { precompress } from './scripts/precompress.ts';

// The Host header stays the page's own, or the hub would take every write for another site's.
const hub = { target: 'http://127.0.0.1:8080', changeOrigin: false };

export default defineConfig({
  plugins: [svelte(), precompress()],
  build: {
    outDir: '../hub/static',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: {
      '/api': hub,
      '/whip': hub,
      '/whep': hub,
      '/socket.io': { ...hub, ws: true },
      '/yjs': { ...hub, ws: true },
      '/collab': { ...hub, ws: true },
    },
  },
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts', 'src/**/*.test.ts'],
  },
});
