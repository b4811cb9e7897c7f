SELECT count(*) FROM connector.providers
WHERE tenant_id = $1 AND provider_id <> ALL ($2::text[])
  AND ($3 = '' OR provider -> 'categories' ? $3)
  AND ($4 = '' OR provider -> 'auth' @> jsonb_build_array(jsonb_build_object('type', $4::text)))
