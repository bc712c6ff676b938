import inspect

from odoo.exceptions import UserError
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from .complaint_common import ComplaintCase
from .test_case_protection import CaseProtectionCase

SECRET = "Nobody else's business"


@tagged('post_install', '-at_install')
class TestPublicMethods(ComplaintCase, CaseProtectionCase):
    """Every public method, also one added later, can be called by strangers with the id of somebody else's case."""

    def _get_methods(self, model):
        """Yield the name and function of the public methods that this addon defines on ``model``."""
        cls = type(model)
        names = {
            name for base in cls.mro() if base.__module__.startswith('odoo.addons.property_service')
            for name, value in vars(base).items() if callable(value) and not name.startswith('_')}
        for name in sorted(names):
            yield name, get_public_method(model, name)

    def test_requests(self):
        self.check_strangers_learn_and_change_nothing(
            self.make_request('done', title=SECRET, description=SECRET, contact_name=SECRET))

    def test_complaints(self):
        self.check_strangers_learn_and_change_nothing(self.make_complaint(
            'answered', title=SECRET, description=SECRET, contact_name=SECRET, reply=f'<p>{SECRET}</p>', demand=SECRET))

    @mute_logger('odoo.addons.mail.models.mail_thread')  # core warns of messages to nobody
    def check_strangers_learn_and_change_nothing(self, request):
        request.message_post(body=SECRET, subtype_xmlid='mail.mt_comment', message_type='comment')
        self.env.flush_all()
        facts = ('state', 'title', 'write_date', 'rating_value', 'chase_count', 'employee_id', 'message_follower_ids', 'active')

        def describe():
            self.env.flush_all()
            self.env.invalidate_all()
            return [request[name] for name in facts], len(request.state_log_ids), len(request.message_ids)

        before = describe()
        called = 0
        for role in ('neighbour', 'former', 'hr', 'foreign'):
            for name, method in self._get_methods(request):
                own = self.as_role(role, request)
                if getattr(method, '_api_model', False):
                    own = own.browse()
                required = [
                    parameter.name for parameter in list(inspect.signature(method).parameters.values())[1:]
                    if parameter.default is parameter.empty and parameter.kind != parameter.VAR_KEYWORD]
                answer = None
                self.env.invalidate_all()  # what somebody else has read is not asked for again
                with self.subTest(role=role, method=name):
                    try:
                        with self.env.cr.savepoint():
                            arguments = dict.fromkeys(required, [] if name in ('create', 'default_get') else None)
                            answer = method(own, **{**arguments, **({'vals': {}} if 'vals' in required else {})})
                            self.env.flush_all()
                    except UserError:
                        continue
                    except (TypeError, AttributeError):  # an argument of the wrong type comes before any answer
                        continue
                    finally:
                        called += 1
                        self.assertEqual(describe(), before)
                    self.assertNotIn(SECRET, str(answer))
        self.assertGreater(called, 100)
