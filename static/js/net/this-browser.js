import { Tabs } from './tabs.js';

export const tabs = new Tabs();
