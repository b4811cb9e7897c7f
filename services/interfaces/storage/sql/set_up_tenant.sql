-- What every tenant has from the start; a second time nothing changes.
WITH project AS (
  INSERT INTO tenancy.projects (tenant_id, project_id, name, is_default) VALUES ($1, $2, 'Default', true) ON CONFLICT DO NOTHING
), task_queue AS (
  INSERT INTO workflow.task_queues (tenant_id, task_queue_id, project_id, name, channel_display_name, is_default, is_system)
  VALUES ($1, $3, $2, 'default', 'Default', true, true) ON CONFLICT DO NOTHING
), settings AS (
  INSERT INTO tenancy.tenant_settings (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING
)
INSERT INTO tenancy.tenant_email_settings (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING
