import sys,psycopg; sys.path.insert(0,'/tmp/wt/fixb')
import pytest
from tests.database.mutations import all_mutations
import tests.database.test_mutations as tm
def test_mine(tapped):
    with psycopg.connect(tapped.server.url()) as c:
        ms=[m for m in all_mutations(c) if any(w in str(m) for w in ('shared_messages','private.imports','answer_leases','count_'))and str(m) not in tm.HARMLESS and not any(w in m.kind for w in ('given','right','grant'))]
    print(len(ms), [str(m) for m in ms])
    print('LEFT', tm.survivors(tapped, ms))
