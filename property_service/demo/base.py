"""What the parts of the loader share."""
from odoo import fields
from odoo.fields import Domain

#: Nobody is told about what happened in the demo's past.
SILENT = {
    'property_service_no_mail': True,
    'mail_create_nosubscribe': True,
    'mail_auto_subscribe_no_notify': True,
    'mail_notify_force_send': False,
    'mail_activity_quick_update': True,
    'no_reset_password': True,
}
TIMEZONE = 'Asia/Shanghai'


class Loader:
    """Creates records, in both languages.

    :param str prefix: of logins and addresses; not empty when the data is loaded besides the demo's, as tests do
    """

    def __init__(self, env, company, data, prefix=''):
        self.company = company
        self.chinese = bool(env['res.lang']._get_data(code='zh_CN'))
        context = {**env.context, **SILENT, 'lang': 'en_US', 'tz': TIMEZONE, 'allowed_company_ids': company.ids}
        self.env = env(context=context, su=True)
        self.data = data
        self.prefix = prefix
        self.start = fields.Datetime.now()

    def make(self, model, values, match=None, update=()):
        """Create records in one batch, or find those that an earlier demo left behind when the addon was uninstalled.

        There are no external ids: uninstalling would try to delete users and partners whom other records need.

        :param dict values: {key: vals}
        :param str match: field by whose value a record is known again; without it, all are created
        :param update: names of the values to write into those that were found
        :return: {key: record}
        """
        found, Model = {}, self.env[model]
        if match:
            domain = Domain(match, 'in', [vals[match] for vals in values.values()])
            if 'company_id' in Model._fields:
                domain &= Domain('company_id', 'in', [self.company.id, False])
            found = {record[match].id if Model._fields[match].relational else record[match]: record
                     for record in Model.with_context(active_test=False).search(domain)}
        known = {key: found[vals[match]] for key, vals in values.items() if match and vals[match] in found}
        for key, record in known.items():
            if update:
                record.write({name: values[key][name] for name in update})
        missing = [key for key in values if key not in known]
        created = dict(zip(missing, Model.create([values[key] for key in missing]), strict=True))
        return {key: known.get(key) or created[key] for key in values}

    def translate(self, record, **terms):
        """Write the Chinese of ``{field: Chinese}`` where the language is active."""
        if self.chinese:
            record.with_context(lang='zh_CN').write(terms)

    def pick(self, names):
        """Return the name for a field that is not translatable, from (English, Chinese)."""
        return names[1] if self.chinese else names[0]
