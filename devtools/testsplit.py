"""Divides the test classes into two groups of about the same length, so that both cores of a small machine are used.

Only one group is named, the other is "all the rest": a class that is not recognised here is run there, never lost.
"""
import ast

#: A browser tour takes about as long as so many ordinary test methods.
TOUR_WEIGHT = 12
TOUR_CALLS = {'start_tour', 'browser_js'}


def weigh(source):
    """Return ``{class name: weight}`` of the test classes in a file's source."""
    weights = {}
    for node in ast.parse(source).body:
        if not isinstance(node, ast.ClassDef):
            continue
        tests = sum(isinstance(item, ast.FunctionDef) and item.name.startswith('test_') for item in node.body)
        tours = sum(isinstance(call, ast.Call) and getattr(call.func, 'attr', None) in TOUR_CALLS for call in ast.walk(node))
        if tests:
            weights[node.name] = tests + TOUR_WEIGHT * tours
    return weights


def first_half(weights):
    """Return the sorted names of classes that make up one of two groups of about equal weight: heaviest first, to the lighter group.

    :param dict weights: {class name: weight}
    """
    groups, sums = ([], []), [0, 0]
    for name in sorted(weights, key=lambda name: (-weights[name], name)):
        lighter = sums[1] < sums[0]
        groups[lighter].append(name)
        sums[lighter] += weights[name]
    return sorted(groups[0])


def tags(addon, folder):
    """Return the two values of ``--test-tags`` that together are all tests of the addon that run after installation.

    :param str addon: name of the addon
    :param Path folder: its tests
    """
    weights = {}
    for path in sorted(folder.glob('test_*.py')):
        weights.update(weigh(path.read_text()))
    chosen = first_half(weights)
    return (
        ','.join(f'/{addon}:{name}' for name in chosen),
        ','.join([f'/{addon}', '-at_install', *(f'-/{addon}:{name}' for name in chosen)]),
    )
