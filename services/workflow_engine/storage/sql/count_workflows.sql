SELECT count(*)
FROM workflow.workflows
WHERE tenant_id = $1
  AND ($2::text IS NULL OR status = $2)
  AND ($3::uuid IS NULL OR project_id = $3)
  AND ($4::text IS NULL OR tags @> ARRAY[$4])
  AND ($5::text IS NULL OR strpos(lower(name), lower($5)) > 0
       OR strpos(lower(service_display_name), lower($5)) > 0 OR strpos(lower(description), lower($5)) > 0)
