"""What the parts of the loader share."""
from odoo import fields

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
    """Creates records with external ids, so that uninstalling takes them away again, and in both languages.

    :param str prefix: of the external ids and logins; not empty when the data is loaded besides the demo's, as tests do
    """

    def __init__(self, env, company, data, prefix=''):
        self.company = company
        self.chinese = bool(env['res.lang']._get_data(code='zh_CN'))
        context = {**env.context, **SILENT, 'lang': 'en_US', 'tz': TIMEZONE, 'allowed_company_ids': company.ids}
        self.env = env(context=context, su=True)
        self.data = data
        self.prefix = prefix
        self.start = fields.Datetime.now()

    def create(self, model, values, update=False):
        """Create the records of ``values``, {key: vals}, in one batch; those that exist already stay as they are.

        :param bool update: write the values into those that exist already
        :return: {key: record}
        """
        records = {key: self.env.ref(self._get_xmlid(model, key), raise_if_not_found=False) for key in values}
        wanted = {key: vals for key, vals in values.items() if update or not records[key]}
        loaded = self.env[model]._load_records([
            {'xml_id': self._get_xmlid(model, key), 'values': vals, 'noupdate': True} for key, vals in wanted.items()])
        return {**records, **dict(zip(wanted, loaded, strict=True))}

    def _get_xmlid(self, model, key):
        return f"property_service.demo_{self.prefix}{model.replace('.', '_')}_{key}"

    def adopt(self, model, field, values):
        """Give the external ids to records that an earlier, uninstalled demo left behind because others refer to them.

        :param dict values: {key: value of ``field``}
        """
        found = self.env[model].with_context(active_test=False).search([(field, 'in', list(values.values()))])
        by_value = {record[field]: record for record in found}
        self.env['ir.model.data']._update_xmlids([
            {'xml_id': self._get_xmlid(model, key), 'record': by_value[value], 'noupdate': True}
            for key, value in values.items() if value in by_value])

    def translate(self, record, **terms):
        """Write the Chinese of ``{field: Chinese}`` where the language is active."""
        if self.chinese:
            record.with_context(lang='zh_CN').write(terms)

    def pick(self, names):
        """Return the name for a field that is not translatable, from (English, Chinese)."""
        return names[1] if self.chinese else names[0]
