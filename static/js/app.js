import { placeUserMenu } from './ui/user-menu.js';
import { watchForms } from './ui/forms.js';
import { watchThemeToggles } from './ui/theme.js';

watchThemeToggles();
watchForms();
placeUserMenu();
