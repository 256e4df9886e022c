import { exactTime, relativeTime } from '../text/relative-time.js';
import { h } from './dom.js';

/** A time as people say it ("5 min. ago"), with the exact one as its title. */
export const timeElement = (iso, attributes = {}) => h('time', { ...attributes, datetime: iso, title: exactTime(iso) }, relativeTime(iso));
