#include "record/kinds/fields.h"

static const field fields[] = {
	{ .name = "title", .label = N_("Title"), .type = FIELD_LINE, .flags = FIELD_REQUIRED | FIELD_SORT, .search = SEARCH_TITLE, .help = N_("The offer in one line.") },
	{ .name = "summary", .label = N_("Summary"), .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .search = SEARCH_SUMMARY, .help = N_("What is offered, to whom, on what terms.") },
	{ .name = "organisation", .label = N_("Organisation"), .type = FIELD_REF, .of = "organisation", .flags = FIELD_REQUIRED | FIELD_FACET, .help = N_("Who offers.") },
	{ .name = "kinds", .label = N_("Kind"), .type = FIELD_TERM, .of = "offer-kinds", .flags = FIELD_REQUIRED | FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("What is offered.") },
	{ .name = "finance", .label = N_("Finance mechanism"), .type = FIELD_REF, .of = "finance", .flags = FIELD_FACET, .help = N_("The mechanism through which it pays.") },
	{ .name = "finance_kinds", .label = N_("Kind of finance"), .type = FIELD_TERM, .of = "finance-kinds", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("How it pays.") },
	{ .name = "practices", .label = N_("Techniques"), .type = FIELD_REF, .of = "practice", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("Techniques it helps with.") },
	{ .name = "countries", .label = N_("Country"), .type = FIELD_TERM, .of = "countries", .flags = FIELD_REPEATED | FIELD_UNIQUE | FIELD_FACET, .help = N_("Where it is offered.") },
	{ .name = "worldwide", .label = N_("Worldwide"), .type = FIELD_YESNO, .flags = FIELD_FACET, .help = N_("Yes if it is not bound to named countries.") },
	{ .name = "amount_from", .label = N_("Amount from"), .type = FIELD_NUMBER, .minimum = 0, .maximum = 1e15, .help = N_("Smallest amount of money, in full units of the currency.") },
	{ .name = "amount_up_to", .label = N_("Amount up to"), .type = FIELD_NUMBER, .minimum = 0, .maximum = 1e15, .help = N_("Largest amount of money, in full units of the currency.") },
	{ .name = "currency", .label = N_("Currency"), .type = FIELD_TERM, .of = "currencies", .help = N_("ISO 4217 code.") },
	{ .name = "conditions", .label = N_("Conditions"), .type = FIELD_TEXT, .search = SEARCH_BODY, .help = N_("What the offer depends on.") },
	{ .name = "valid_until", .label = N_("Valid until"), .type = FIELD_DATE, .flags = FIELD_SORT, .help = N_("When it ends.") },
	{ .name = "contact", .label = N_("Contact"), .type = FIELD_URL, .help = N_("Page through which it can be taken up.") },
	FIELD_SOURCES(0),
	FIELDS_END,
};

static void money_whole(const json_t *body, GPtrArray *faults)
{
	check_order(body, "", "amount_from", "amount_up_to", faults);
	check_needs(body, "", "amount_from", "currency", faults);
	check_needs(body, "", "amount_up_to", "currency", faults);
}

static const check checks[] = { { N_("Money has a currency, and the largest amount is not below the smallest."), money_whole }, { NULL, NULL } };

const kind kind_offer = {
	.name = "offer", .plural = "offers", .label = N_("Offer"), .label_plural = N_("Offers"),
	.help = N_("What an organisation offers to projects: finance, technology, expertise, land, seed."),
	.fields = fields, .checks = checks, .title = "title", .summary = "summary", .country = "countries",
};
