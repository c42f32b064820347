#include "base/plural.h"

#include <string.h>

#define PLURAL_LENGTH 512
#define PLURAL_DEPTH 64
#define PLURAL_FORMS 8

struct plural_rule {
	guint forms;
	char *expression;
};

typedef struct evaluation {
	const char *at;
	guint64 n;
	guint depth;
	gboolean wrong;
} evaluation;

static guint64 evaluate(evaluation *e);

static void skip_space(evaluation *e)
{
	while (*e->at == ' ' || *e->at == '\t')
		e->at++;
}

static gboolean take(evaluation *e, const char *sign)
{
	skip_space(e);
	gsize length = strlen(sign);
	if (strncmp(e->at, sign, length) != 0)
		return FALSE;
	e->at += length;
	return TRUE;
}

static guint64 evaluate_value(evaluation *e)
{
	skip_space(e);
	guint64 value = 0;
	if (e->depth > PLURAL_DEPTH) {
		e->wrong = TRUE;
	} else if (take(e, "n")) {
		return e->n;
	} else if (take(e, "!")) {
		e->depth++;
		value = !evaluate_value(e);
		e->depth--;
	} else if (take(e, "(")) {
		e->depth++;
		value = evaluate(e);
		e->depth--;
		e->wrong |= !take(e, ")");
	} else if (g_ascii_isdigit(*e->at)) {
		for (guint digits = 0; g_ascii_isdigit(*e->at) && digits < 10; digits++)
			value = value * 10 + (guint64)(*e->at++ - '0');
	} else {
		e->wrong = TRUE;
	}
	return value;
}

static const struct operator {
	const char *sign;
	int level;
} operators[] = {
	{ "||", 1 }, { "&&", 2 }, { "==", 3 }, { "!=", 3 }, { "<=", 4 }, { ">=", 4 }, { "<", 4 }, { ">", 4 }, { "+", 5 }, { "-", 5 }, { "*", 6 }, { "/", 6 }, { "%", 6 },
};

static guint64 apply(evaluation *e, const char *sign, guint64 a, guint64 b)
{
	switch (sign[0]) {
	case '|': return a || b;
	case '&': return a && b;
	case '=': return a == b;
	case '!': return a != b;
	case '<': return sign[1] ? a <= b : a < b;
	case '>': return sign[1] ? a >= b : a > b;
	case '+': return a + b;
	case '-': return a - b;
	case '*': return a * b;
	default: break;
	}
	if (b == 0) {
		e->wrong = TRUE;
		return 0;
	}
	return sign[0] == '/' ? a / b : a % b;
}

static guint64 evaluate_level(evaluation *e, int level)
{
	if (level > 6)
		return evaluate_value(e);
	guint64 value = evaluate_level(e, level + 1);
	for (gsize i = 0; i < G_N_ELEMENTS(operators) && !e->wrong; i++)
		if (operators[i].level == level && take(e, operators[i].sign)) {
			value = apply(e, operators[i].sign, value, evaluate_level(e, level + 1));
			i = (gsize)-1; /* from the first sign again: a + b - c */
		}
	return value;
}

static guint64 evaluate(evaluation *e)
{
	guint64 value = evaluate_level(e, 1);
	if (e->wrong || !take(e, "?"))
		return value;
	if (++e->depth > PLURAL_DEPTH) {
		e->wrong = TRUE;
		return 0;
	}
	guint64 yes = evaluate(e);
	e->wrong |= !take(e, ":");
	guint64 no = e->wrong ? 0 : evaluate(e);
	e->depth--;
	return value ? yes : no;
}

static gboolean run(const plural_rule *rule, guint64 n, guint64 *form)
{
	evaluation e = { rule->expression, n, 0, FALSE };
	*form = evaluate(&e);
	skip_space(&e);
	return !e.wrong && *e.at == '\0';
}

plural_rule *plural_rule_new(const char *text)
{
	const char *count = strstr(text, "nplurals="), *plural = strstr(text, "plural=");
	if (plural && count && plural == count + 1) /* the "plural=" within "nplurals=" */
		plural = strstr(plural + 1, "plural=");
	if (!count || !plural || strlen(plural) > PLURAL_LENGTH)
		return NULL;
	guint64 forms = g_ascii_strtoull(count + strlen("nplurals="), NULL, 10);
	if (forms < 1 || forms > PLURAL_FORMS)
		return NULL;
	plural += strlen("plural=");
	plural_rule *rule = g_new0(plural_rule, 1);
	rule->forms = (guint)forms;
	rule->expression = g_strndup(plural, strcspn(plural, ";\n"));
	guint64 form;
	if (run(rule, 1, &form))
		return rule;
	plural_rule_free(rule);
	return NULL;
}

void plural_rule_free(plural_rule *rule)
{
	if (!rule)
		return;
	g_free(rule->expression);
	g_free(rule);
}

guint plural_rule_form(const plural_rule *rule, guint64 n)
{
	guint64 form;
	return run(rule, n, &form) && form < rule->forms ? (guint)form : 0;
}
