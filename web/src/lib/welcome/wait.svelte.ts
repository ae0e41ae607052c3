/** A limit that is used up: how many seconds are left of it. */
export class Wait {
	/** 0: go on. */
	left = $state(0);
	#timer: ReturnType<typeof setInterval> | undefined;

	begin(seconds: number): void {
		this.stop();
		const end = performance.now() + seconds * 1000;
		this.left = seconds;
		// By the clock, since a page in the background is woken up rarely.
		this.#timer = setInterval(() => {
			this.left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
			if (!this.left) clearInterval(this.#timer);
		}, 1000);
	}

	stop(): void {
		clearInterval(this.#timer);
		this.left = 0;
	}
}
