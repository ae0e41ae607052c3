// @ts-nocheck What runs in the page itself has no types, and takes any browser.
// Before anything is drawn: the page's first words, in the viewer's language. They are taken away when
// the dashboard itself is there. Words in capitals are put in when it is built.
(function () {
	/** A title's own words stand where they will be, before the rest of its page. */
	function name(title) {
		place.querySelectorAll('[data-early]').forEach(function (waiting) {
			var words = title[waiting.dataset.early];
			if (words) waiting.textContent = words;
		});
	}
	var drawings = DRAWINGS;
	var icons = ICONS;
	var language, who;
	try {
		language = localStorage.getItem('PARAGLIDE_LOCALE');
		who = JSON.parse(localStorage.getItem('kept:who')).value.name;
	} catch (nobodyYet) {}
	// As src/lib/paraglide/runtime.js finds it.
	[language].concat(navigator.languages).some(function (wanted) {
		var tag = String(wanted).toLowerCase();
		language = drawings[tag] ? tag : tag.split('-')[0];
		return drawings[language];
	});
	if (!drawings[language]) language = 'en';
	var drawing = drawings[language];
	document.documentElement.lang = language;
	document.documentElement.dir = drawing.dir;
	var place = document.getElementById('first');
	place.innerHTML = (who ? drawing.member : drawing.guest).replace(/<i(\d+)>/g, function (_, i) {
		return icons[i];
	});
	if (who) {
		var texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
		while (texts.nextNode()) {
			if (texts.currentNode.data === NAME) texts.currentNode.data = who;
		}
	}
	// What the page has to know is on its way while the scripts still are; src/lib/api/early.ts takes it.
	window.askedEarly = {};
	QUESTIONS.forEach(function (question) {
		var variables = question.ofTitle ? { id: location.pathname.split('/')[2] } : {};
		var answer = fetch('/graphql', {
			method: 'POST',
			headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
			credentials: 'same-origin',
			body: JSON.stringify({ query: question.query, variables: variables, operationName: question.name })
		});
		var asked = { variables: JSON.stringify(variables) };
		asked.answer = answer.then(function (answer) {
			return answer.json();
		});
		asked.answer.then(function (told) {
			asked.told = told;
			if (question.ofTitle && told.data && told.data.title) name(told.data.title);
		}).catch(function () {});
		window.askedEarly[question.name] = asked;
	});
})();
