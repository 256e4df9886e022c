// No policy blocks WebRTC. This is imported before all else, and uses nothing but names on `window`, which a frame's markup can't replace.
for (const name of Object.getOwnPropertyNames(window)) if (/^(webkit|moz)?RTC/.test(name)) delete window[name];
