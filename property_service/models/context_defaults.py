"""Defaults that a client sends along in the context."""


def without_defaults(records, names=None):
    """Return the records with a context that gives no defaults for the fields ``names``, or for any field.

    ``default_<field>`` in the context is a value like any other, but ``create`` does not see it among its values: what may not be
    entered must not come in this way either.

    :param names: names of fields; None: all
    """
    context = records.env.context
    kept = {key: value for key, value in context.items()
            if not (key.startswith('default_') and (names is None or key.removeprefix('default_') in names))}
    return records if len(kept) == len(context) else records.with_context(kept)
