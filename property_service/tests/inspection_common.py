import base64
from datetime import timedelta

from odoo import fields
from odoo.fields import Command

#: a red dot of one pixel
PNG = base64.b64decode(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')
PHOTO = base64.b64encode(PNG).decode()


class InspectionCase:
    """Mixed into the cases of ``common.py``: a template of five items in two sections, and inspections by it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.Inspection = cls.env['property.service.inspection']
        cls.inspector = cls.env['hr.employee'].create({'name': "Sun Quality", 'user_id': cls.users['quality'].id})
        cls.firm = cls.env['res.partner'].create({'name': "Fair Eyes Ltd", 'email': 'fair@example.com', 'is_company': True})
        cls.template = cls.make_template()

    @classmethod
    def make_template(cls, **vals):
        return cls.env['property.service.inspection.template'].create({
            'name': "Round", 'pass_score': 70, 'section_ids': [
                Command.create({'name': "Place", 'sequence': 1, 'item_ids': [
                    Command.create({'name': "Lobby clean", 'sequence': 1, 'weight': 2, 'photo': 'always', 'guidance': "No dust"}),
                    Command.create({'name': "Lift clean", 'sequence': 2, 'kind': 'scale'}),
                    Command.create({'name': "Lamps lit", 'sequence': 3, 'kind': 'number', 'has_lower': True, 'lower': 98, 'unit': '%'}),
                ]}),
                Command.create({'name': "People", 'sequence': 2, 'item_ids': [
                    Command.create({'name': "Smile", 'sequence': 1, 'kind': 'scale'}),
                    Command.create({'name': "Files locked", 'sequence': 2, 'is_critical': True, 'photo': 'failed'}),
                ]}),
            ], **vals})

    @classmethod
    def make_inspection(cls, answers=None, finish=False, **vals):
        """Create an inspection of the estate and the team; ``answers``: values in the order of the items."""
        inspection = cls.Inspection.create({
            'template_id': cls.template.id, 'estate_id': cls.estate.id, 'team_id': cls.team.id, **vals})
        for line, value in zip(inspection.line_ids, answers or ()):
            inspection.action_answer(line_id=line.id, value=value)
        if answers:
            cls.add_photo(inspection, inspection.line_ids[0])
        if finish:
            inspection.action_finish()
        return inspection

    @classmethod
    def add_photo(cls, inspection, line, key='abc'):
        return inspection.action_add_photo(line_id=line.id, key=key, name='lobby.png', data=PHOTO)

    @classmethod
    def make_done(cls, age=0, answers=(1, 5, 99, 4, 1), **vals):
        """Create an inspection that was finished ``age`` days ago."""
        inspection = cls.make_inspection(answers, finish=True, **vals)
        if age:
            inspection._as_system().write({'done_at': fields.Datetime.now() - timedelta(days=age)})
        return inspection
