import express, { type Router } from 'express';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Turnpike</title>
    <link rel="stylesheet" href="/landing.css">
    <link rel="icon" href="/landing.svg" type="image/svg+xml">
  </head>
  <body>
    <main>
      <header>
        <img src="/landing.svg" width="56" height="56" alt="">
        <div>
          <h1>Turnpike</h1>
          <p>Paid WiFi hotspots and PPPoE access on MikroTik routers</p>
        </div>
      </header>
      <p>This server manages a fleet of routers: it puts services on them, sells access, answers their RADIUS requests and
        counts what customers use. Work with it in the console, with the <code>turnpike</code> command, or through its API.</p>
      <nav>
        <a href="/console/"><strong>Console</strong><span>Routers, customers, sales and sessions, live</span></a>
        <a href="/api/docs"><strong>API documentation</strong><span>Every operation, to read and to try</span></a>
        <a href="/api/v1/openapi.json"><strong>OpenAPI 3.1</strong><span>The same as a file, for generating clients</span></a>
        <a href="/api/v1/health/ready"><strong>Readiness</strong><span>Whether this server can take requests now</span></a>
      </nav>
      <section>
        <h2>First steps</h2>
        <ol>
          <li>Sign in to the <a href="/console/">console</a>; <code>npm run status</code> says as whom.</li>
          <li>Add a router: paste the script that the console shows on it.</li>
          <li>Deploy a hotspot on it, make a package, and buy with a phone.</li>
        </ol>
      </section>
    </main>
  </body>
</html>
`;

const styles = `:root {
  color-scheme: light dark;
  --ground: #f6f7f4;
  --card: #ffffff;
  --ink: #1c2326;
  --soft: #55626a;
  --line: #dde2dd;
  --accent: #0b6b57;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14181a;
    --card: #1d2326;
    --ink: #e7ecea;
    --soft: #9eabab;
    --line: #313a3d;
    --accent: #54cfae;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  padding: clamp(1.5rem, 6vw, 5rem) 1.25rem;
  background: var(--ground);
  color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
main { max-width: 46rem; margin: 0 auto; }
header { display: flex; gap: 1rem; align-items: center; margin-bottom: 2rem; }
h1 { margin: 0; font-size: 2rem; line-height: 1.2; letter-spacing: -0.02em; }
h2 { margin: 2.5rem 0 0.5rem; font-size: 1.1rem; }
header p { margin: 0; color: var(--soft); }
nav { display: grid; gap: 0.75rem; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); margin-top: 2rem; }
nav a {
  display: block;
  padding: 1rem 1.1rem;
  border: 1px solid var(--line);
  border-radius: 0.6rem;
  background: var(--card);
  color: inherit;
  text-decoration: none;
}
nav a:hover, nav a:focus-visible { border-color: var(--accent); outline: none; }
nav strong { display: block; color: var(--accent); }
nav span { color: var(--soft); font-size: 0.9rem; }
ol { padding-left: 1.3rem; margin: 0; }
li { margin: 0.4rem 0; }
code { padding: 0.1em 0.35em; border-radius: 0.3rem; background: var(--line); font-size: 0.87em; overflow-wrap: anywhere; }
`;

/** A barrier half raised. */
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 56 56">
  <rect width="56" height="56" rx="13" fill="#0b6b57"/>
  <path d="M15 45V25" stroke="#fff" stroke-width="6" stroke-linecap="round"/>
  <path d="M15 29 43 13" stroke="#ffd166" stroke-width="6" stroke-linecap="round"/>
  <path d="M9 46h38" stroke="#fff" stroke-width="4" stroke-linecap="round"/>
</svg>
`;

/** What somebody sees who opens the server's address in a browser. */
export function landingPage(): Router {
  const router = express.Router();
  router.get('/', (_request, response) => void response.type('html').send(page));
  router.get('/landing.css', (_request, response) => void response.type('css').send(styles));
  router.get('/landing.svg', (_request, response) => void response.type('svg').send(icon));
  return router;
}
