// The page families: every one is looked at by pages.mjs for accessibility, valid HTML, overflow and errors. A new page is one line.
export const families = [
	['home', '/'],
	['compilation', '/cases'],
	['compilation, filtered and searched', '/cases?q=water&country=CAN&themes=land-rehabilitation'],
	['compilation, nothing found', '/cases?q=zzzzqqq'],
	['compilation as a map', '/cases?view=map'],
	['case', '/cases/sudbury-regreening'],
	['comparison', '/cases/compare?id=sudbury-regreening&id=giant-mine-arsenic&id=faro-mine-legacy'],
	['comparison, too few', '/cases/compare'],
	['practices', '/practices'],
	['practice', '/practices/closure-planning'],
	['search', '/search?q=acid'],
	['search, not asked yet', '/search'],
	['data', '/data'],
	['method', '/method'],
	['not found', '/cases/no-such-case', 404],
	['bad request', '/cases?page=abc', 400],
];
