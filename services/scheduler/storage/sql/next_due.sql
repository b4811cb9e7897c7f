SELECT now, due_at FROM schedule.next_due()
