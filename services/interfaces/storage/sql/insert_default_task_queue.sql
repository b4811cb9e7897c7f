-- A project always has one: where the work of its workflows goes that names no other.
INSERT INTO workflow.task_queues (tenant_id, task_queue_id, project_id, name, channel_display_name, is_default, is_system)
VALUES ($1, $2, $3, 'default', 'Default', true, true)
