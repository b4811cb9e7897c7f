SELECT FROM schedule.note_replaced($1, ARRAY[$2::uuid])
