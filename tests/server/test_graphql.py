from tests.server.conftest import TOKEN

HELLO = {"query": "{ hello }"}
GREETED = {"data": {"hello": "Hello, world!"}}
NOTE = {"query": 'mutation Note { note(text: "a") }'}


async def test_a_batch_is_answered_in_order(site):
    batch = [HELLO, NOTE, {"query": 'query Q { hello(name: "Q") }'}]

    async with site.post("/graphql", json=batch) as response:
        assert response.status == 200
        assert await response.json() == [
            GREETED,
            {"data": {"note": "a"}},
            {"data": {"hello": "Hello, Q!"}},
        ]


async def test_each_of_a_batch_speaks_for_itself(site):
    batch = [{"query": "{ nothing }"}, {"qeury": "{ hello }"}, HELLO]

    async with site.post("/graphql", json=batch) as response:
        answers = await response.json()

    assert response.status == 200
    assert "errors" in answers[0]
    assert answers[1]["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert answers[2] == GREETED


async def test_a_batch_of_the_largest_size_is_answered(start):
    site = await start(max_operations=3)

    async with site.post("/graphql", json=[HELLO] * 3) as response:
        assert await response.json() == [GREETED] * 3


async def test_a_batch_of_the_wrong_size_is_refused(start):
    site = await start(max_operations=3)

    for batch in ([], [HELLO] * 4):
        async with site.post("/graphql", json=batch) as response:
            assert response.status == 400
            assert "1 to 3" in (await response.json())["errors"][0]["message"]


async def test_a_batch_that_holds_more_than_objects_is_refused_whole(site):
    async with site.post("/graphql", json=[HELLO, "{ hello }"]) as response:
        assert response.status == 400
        assert "errors" in await response.json()


async def test_bad_credentials_refuse_a_batch_whole(site):
    headers = {"X-API-Key": "no key"}

    async with site.post("/graphql", json=[HELLO, NOTE], headers=headers) as response:
        body = await response.json()

    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert "API_KEY_NOT_FOUND" in body["errors"][0]["message"]


async def test_a_batch_is_run_for_one_viewer(site):
    batch = [{"query": "{ me }"}] * 2
    headers = {"X-API-Key": TOKEN}

    async with site.post("/graphql", json=batch, headers=headers) as response:
        assert await response.json() == [{"data": {"me": "ann"}}] * 2


async def test_depth_of_variables_is_bounded(start):
    site = await start(max_variables_depth=3)
    query = "query ($n: [Int!]!) { sum(numbers: $n) }"

    async with site.post("/graphql", json={"query": query, "variables": {"n": [1, 2]}}) as response:
        assert await response.json() == {"data": {"sum": 3}}
    deep = {"query": query, "variables": {"n": [[[1]]]}}
    async with site.post("/graphql", json=deep) as response:
        assert response.status == 400
        message = (await response.json())["errors"][0]["message"]
    assert message == "variables are nested deeper than 3 levels"


async def test_a_parameter_given_twice_is_refused(site):
    async with site.get("/graphql?query=%7Bhello%7D&query=%7Bme%7D") as response:
        assert response.status == 400
        assert (await response.json())["errors"][0]["message"] == "query is given twice"


async def test_a_query_with_nul_in_an_address_is_refused(site):
    async with site.get("/graphql", params={"query": "{ hello } # \0"}) as response:
        assert response.status == 400


async def test_long_variables_are_summed_on_a_thread(site):
    query = "query ($n: [Int!]!) { sum(numbers: $n) }"
    padding = " " * 300_000

    async with site.post(
        "/graphql", json={"query": query + padding, "variables": {"n": [1, 2]}}
    ) as response:
        assert await response.json() == {"data": {"sum": 3}}


async def test_an_error_that_is_a_defect_says_nothing_of_it(site):
    async with site.post("/graphql", json={"query": "{ broken }"}) as response:
        text = await response.text()

    assert response.status == 200
    assert "nobody" not in text
    assert response.headers["X-Request-Id"] in text
