from odoo.fields import Command


class ComplaintCase:
    """Complaints of the company of ``tests/common.py``."""

    @classmethod
    def make_complaint(cls, state='new', **vals):
        """Create a complaint of the resident's flat and take it to ``state`` by the usual steps."""
        complaint = cls.env['property.service.complaint'].create({
            'title': "Noise at night", 'description': "The pump hums.", 'category_id': cls.category.id, 'unit_id': cls.unit.id,
            'partner_id': cls.resident.id, 'channel': 'phone', 'user_id': cls.users['agent'].id, **vals,
        })
        steps = [
            ('registered', lambda: complaint.action_register()),
            ('assigned', lambda: complaint.action_assign(employee_id=cls.colleague.id, message="Li takes care.")),
            ('investigating', lambda: complaint.action_investigate()),
            ('resolved', lambda: complaint.action_resolve(
                measure="Insulated.", cause='equipment', reply="<p>We have insulated the pump.</p>")),
            ('answered', lambda: complaint.action_answer()),
            ('closed', lambda: complaint.action_close()),
        ]
        if state != 'new':
            for name, step in steps:
                step()
                if name == state:
                    break
        return complaint

    @classmethod
    def make_shared(cls, state='new', **vals):
        """Create a complaint that the neighbour has joined."""
        return cls.make_complaint(state, complainant_ids=[Command.set(cls.neighbour.ids)], **vals)
