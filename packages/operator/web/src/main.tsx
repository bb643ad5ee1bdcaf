/** Starts the dashboard. */
import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/overview.css';
import './styles/table.css';
import './styles/monitor.css';
import './styles/groups.css';
import { followAddress } from './live/address.js';
import { startLive } from './live/start.js';
import { showTheme } from './live/theme.js';
import { keepTitle } from './live/title.js';
import { App } from './ui/app.js';

showTheme();
followAddress();
keepTitle();
startLive();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
