import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './console.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { allowOwnStyles, styleNonce } from './style-nonce.js';

allowOwnStyles(styleNonce());

const place = document.getElementById('console');
if (place === null) throw new Error('index.html has no place for the console');
createRoot(place).render(<App />);
