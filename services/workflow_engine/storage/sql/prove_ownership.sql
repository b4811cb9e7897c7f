SELECT workflow.prove_ownership($1, $2::smallint[], $3::bigint[])
