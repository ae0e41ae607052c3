/** Light or dark: as the system says, unless somebody has chosen. */

export type Choice = 'light' | 'dark' | 'system';

const system = matchMedia('(prefers-color-scheme: dark)');

class Theme {
	choice = $state<Choice>((localStorage.getItem('theme') as Choice | null) ?? 'system');

	constructor() {
		system.addEventListener('change', () => this.#paint());
	}

	choose(choice: Choice): void {
		this.choice = choice;
		if (choice === 'system') localStorage.removeItem('theme');
		else localStorage.setItem('theme', choice);
		this.#paint();
	}

	#paint(): void {
		const dark = this.choice === 'system' ? system.matches : this.choice === 'dark';
		document.documentElement.dataset.theme = dark ? 'dark' : 'light';
	}
}

export const theme = new Theme();
